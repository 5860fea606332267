import { expect, test, vi } from 'vitest';
import { SessionStore } from './session-store.ts';

const session = {
  username: 'ada',
  role: 'admin',
  mustChangePassword: false,
  mustSetUpTwoFactor: false,
  csrfToken: 'token',
  idleExpiresAt: 0,
  expiresAt: 0,
  serverVersion: '1',
} as const;

test('a session that runs out keeps the page, and calls go on once somebody has signed in again', async () => {
  const store = new SessionStore();
  store.enter(session);
  const told = vi.fn();
  store.subscribe(told);
  store.expire();
  expect(store.state).toEqual({ phase: 'in', session, expired: true });
  const waiting = store.restored();
  store.enter({ ...session, csrfToken: 'another' });
  await waiting;
  expect(store.csrfToken).toBe('another');
  expect(told).toHaveBeenCalledTimes(2);
});

test('calls that wait fail where the user leaves instead', async () => {
  const store = new SessionStore();
  store.enter(session);
  store.expire();
  const waiting = store.restored();
  store.leave();
  await expect(waiting).rejects.toMatchObject({ status: 401, code: 'no_session' });
  expect(store.state).toEqual({ phase: 'out' });
  expect(store.csrfToken).toBeUndefined();
});

test('whoever was not signed in is shown the way in', () => {
  const store = new SessionStore();
  store.expire();
  expect(store.state).toEqual({ phase: 'out' });
});

test('a session that holds is not waited for', async () => {
  const store = new SessionStore();
  store.enter(session);
  await expect(store.restored()).resolves.toBeUndefined();
});

test('what somebody asked for does not happen in the name of whoever signs in after them', async () => {
  const store = new SessionStore();
  store.enter(session);
  store.expire();
  const waiting = store.restored();
  store.enter({ ...session, username: 'bea' });
  await expect(waiting).rejects.toMatchObject({ message: 'Somebody else has signed in.' });
});

test('it is told before all else when a user is there no more', () => {
  const store = new SessionStore();
  const told: string[] = [];
  store.subscribe(() => told.push('changed'));
  const end = store.onLeft(() => told.push('left'));
  store.enter(session);
  store.expire();
  store.enter({ ...session, csrfToken: 'another' });
  expect(told).toEqual(['changed', 'changed', 'changed']);
  store.enter({ ...session, username: 'bea' });
  store.leave();
  expect(told.slice(3)).toEqual(['left', 'changed', 'left', 'changed']);
  end();
  store.enter(session);
  store.leave();
  expect(told.slice(7)).toEqual(['changed', 'changed']);
});

test('what the server demands of a user is asked for at once, and of nobody else', () => {
  const store = new SessionStore();
  store.demandTwoFactor();
  expect(store.state).toEqual({ phase: 'loading' });
  store.enter(session);
  store.demandTwoFactor();
  expect(store.state).toMatchObject({ session: { username: 'ada', mustSetUpTwoFactor: true } });
});
