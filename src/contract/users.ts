import { z } from 'zod';
import { idParams, time } from './common.ts';
import { newPassword, role, username } from './session.ts';

export const user = z.object({
  id: z.string(),
  username: z.string(),
  role,
  active: z.boolean(),
  mustChangePassword: z.boolean(),
  /** Signs in with a code, too. */
  twoFactor: z.boolean(),
  createdAt: time,
  lastSignInAt: time.nullable(),
});
export type User = z.output<typeof user>;

export const userEndpoints = {
  listUsers: {
    method: 'GET',
    path: '/api/webui/users',
    access: 'admin',
    tag: 'Users',
    summary: 'Everybody who may sign in to the console.',
    response: z.object({ items: z.array(user) }),
  },
  createUser: {
    method: 'POST',
    path: '/api/webui/users',
    access: 'admin',
    tag: 'Users',
    summary: 'Adds a user, who must change the password at the first sign-in.',
    body: z.object({ username, password: newPassword, role }),
    response: user,
  },
  updateUser: {
    method: 'PATCH',
    path: '/api/webui/users/{id}',
    access: 'admin',
    tag: 'Users',
    summary:
      'Changes a role, disables or enables; a disabled user’s sessions end. The last active admin stays one.',
    params: idParams,
    body: z.object({ role: role.optional(), active: z.boolean().optional() }),
    response: user,
  },
  resetPassword: {
    method: 'PUT',
    path: '/api/webui/users/{id}/password',
    access: 'admin',
    tag: 'Users',
    summary: 'Gives a user a new password, to be changed at the next sign-in; the user’s sessions end.',
    params: idParams,
    body: z.object({ password: newPassword }),
    response: user,
  },
  resetTwoFactor: {
    method: 'DELETE',
    path: '/api/webui/users/{id}/two-factor',
    access: 'admin',
    tag: 'Users',
    summary: 'Takes two-factor sign-in off another user’s account; the user’s sessions end.',
    params: idParams,
    response: user,
  },
  deleteUser: {
    method: 'DELETE',
    path: '/api/webui/users/{id}',
    access: 'admin',
    tag: 'Users',
    summary: 'Removes a user; not the last active admin.',
    params: idParams,
    response: 'none',
  },
} as const;
