export * from './access-error.ts';
export type * from './ports.ts';
