import { toast } from 'sonner';
import { errorMessage } from '../api/console-error.ts';
import { signOut } from './current-session.ts';

/** Signs out, and says so where the server could not be told: the session then goes on. */
export async function signOutHere(): Promise<void> {
  try {
    await signOut();
  } catch (error) {
    toast.error(`You are still signed in: ${errorMessage(error)}`);
  }
}
