import { z } from 'zod';

const content = z.object({
  /** The copy's name in the run's directory. */
  copy: z.string(),
  sha256: z.string(),
  executable: z.boolean(),
});

const keptFile = z.object({
  /** Relative to the workspace; see `nameOf`. */
  path: z.string(),
  /** When it was kept. Milliseconds since 1970. */
  keptAt: z.number(),
  /** Before the run's first file tool wrote it: its content; `none`: there was no file; `unkept`: it was too large, or could not be read. */
  before: z.union([content, z.enum(['none', 'unkept'])]),
  /** How many of the directories on its way were there. */
  directories: z.int(),
  /** How the run left it: the hexadecimal digest; null: there was no file; `unknown`: it could not be read. */
  after: z.string().nullable(),
});
export type KeptFile = z.output<typeof keptFile>;

/** What is kept of one run, to put its files back. */
export const manifest = z.object({
  recordId: z.string(),
  turnId: z.string(),
  workspaceId: z.string(),
  /** Of the workspace: absolute, without links. */
  root: z.string(),
  endedAt: z.number(),
  rolledBackAt: z.number().nullable(),
  files: z.array(keptFile),
});
export type Manifest = z.output<typeof manifest>;

/** In a manifest, of a file that could not be read when its run ended. No digest is this. */
export const unknownContent = 'unknown';
