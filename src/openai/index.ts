export * from './chat/chat-choice-collector.ts';
export { chatRequestSchema } from './chat/chat-request-schema.ts';
export * from './chat/chat-stream-encoder.ts';
export type * from './chat/chat-wire.ts';
export * from './chat/decode-chat-request.ts';
export type { ProfileSet } from './choose-profile.ts';
export * from './errors.ts';
export type { IgnoredParameter } from './ignored-parameter.ts';
export * from './models.ts';
