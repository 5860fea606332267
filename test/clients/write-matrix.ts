import { readFile, writeFile } from 'node:fs/promises';
import { withMatrix } from './support/render-matrix.ts';

const document = new URL('../../docs/clients.md', import.meta.url);
await writeFile(document, withMatrix(await readFile(document, 'utf8')));
