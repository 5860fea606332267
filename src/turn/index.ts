export * from './fingerprint.ts';
export * from './json.ts';
export * from './message.ts';
export * from './profile.ts';
export * from './turn.ts';
export * from './turn-error.ts';
export * from './turn-event.ts';
export * from './usage.ts';
