import { existsSync, mkdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { WorkspaceDirectory } from '../../testing/workspace-directory.ts';
import { ChangeTracker } from './change-tracker.ts';

const tracker = new ChangeTracker({ threads: 2 });
afterAll(() => tracker[Symbol.asyncDispose]());

type Edit =
  | { readonly do: 'write' | 'touch' | 'remove'; readonly path: string }
  | { readonly do: 'move'; readonly path: string; readonly to: string };

// Few names, so that edits meet.
const anyPath = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map((names) => names.join('/'));
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), path: anyPath }) },
  fc.record({ do: fc.constantFrom('touch' as const, 'remove' as const), path: anyPath }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), path: anyPath, to: anyPath }) },
);
const anyEdits = fc.array(anyEdit, { maxLength: 12 });

type Known = ReadonlyMap<string, { readonly id: number; readonly content: string }>;

/** Does edits to a workspace and knows what comes of them. */
class Editor {
  readonly #workspace: WorkspaceDirectory;
  #files: Known = new Map();
  #count = 0;

  constructor(workspace: WorkspaceDirectory) {
    this.#workspace = workspace;
  }

  get files(): Known {
    return this.#files;
  }

  /** Edits that cannot be done are left out. */
  apply(edit: Edit): void {
    const place = path.join(this.#workspace.root, edit.path);
    switch (edit.do) {
      case 'write': {
        if (isDirectory(place) || !this.#hasRoom(edit.path)) return;
        const content = `content ${this.#count++}`;
        this.#workspace.write(edit.path, content);
        const id = this.#files.get(edit.path)?.id ?? this.#count++;
        this.#files = new Map([...this.#files, [edit.path, { id, content }]]);
        return;
      }
      case 'touch':
        if (existsSync(place)) utimesSync(place, new Date(), new Date());
        return;
      case 'remove':
        if (existsSync(place)) rmSync(place, { recursive: true });
        this.#files = new Map([...this.#files].filter(([file]) => !isIn(file, edit.path)));
        return;
      case 'move': {
        const target = path.join(this.#workspace.root, edit.to);
        if (isIn(edit.to, edit.path) || isIn(edit.path, edit.to) || !existsSync(place)) return;
        if (isDirectory(target) || !this.#hasRoom(edit.to)) return;
        if (existsSync(target) && isDirectory(place)) return;
        mkdirSync(path.dirname(target), { recursive: true });
        renameSync(place, target);
        const stay = [...this.#files].filter(([file]) => !isIn(file, edit.path) && file !== edit.to);
        const moved = [...this.#files].filter(([file]) => isIn(file, edit.path));
        this.#files = new Map([
          ...stay,
          ...moved.map(([file, what]) => [edit.to + file.slice(edit.path.length), what] as const),
        ]);
      }
    }
  }

  /** No file is in the way. */
  #hasRoom(file: string): boolean {
    const folder = path.dirname(file);
    return folder === '.' || (!this.#files.has(folder) && this.#hasRoom(folder));
  }
}

function isIn(file: string, folder: string): boolean {
  return `${file}/`.startsWith(`${folder}/`);
}

function isDirectory(place: string): boolean {
  return existsSync(place) && statSync(place).isDirectory();
}

function expectedChanges(before: Known, after: Known): string[] {
  const gone = new Map([...before].filter(([file]) => !after.has(file)).map(([file, { id }]) => [id, file]));
  const lines: string[] = [];
  for (const [file, { id, content }] of after) {
    const was = before.get(file);
    const from = gone.get(id);
    if (was !== undefined) {
      if (was.content !== content) lines.push(`modified ${file}`);
    } else if (from === undefined) lines.push(`created ${file}`);
    else {
      lines.push(`renamed ${from} ${file}`);
      gone.delete(id);
    }
  }
  return [...lines, ...[...gone.values()].map((file) => `deleted ${file}`)].toSorted();
}

test('whatever commands do, a run tells exactly what is different in the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyEdits,
      fc.array(anyEdits, { minLength: 1, maxLength: 3 }),
      async (first, commands) => {
        using workspace = new WorkspaceDirectory();
        const editor = new Editor(workspace);
        for (const edit of first) editor.apply(edit);
        const before = editor.files;
        const run = tracker.start({ id: 'w', root: workspace.root });
        for (const [index, edits] of commands.entries()) {
          await run.before({ toolUseId: `${index}`, name: 'Bash', input: {} });
          for (const edit of edits) editor.apply(edit);
          await run.after(`${index}`);
        }
        const files = await run.finish();
        const told = (files?.changes ?? []).map(({ operation, previousPath = '', path: file }) =>
          `${operation} ${previousPath} ${file}`.replace('  ', ' '),
        );
        expect(told.toSorted()).toEqual(expectedChanges(before, editor.files));
        for (const { path: file, content } of files?.changes ?? [])
          expect(content?.text).toBe(editor.files.get(file)?.content);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
