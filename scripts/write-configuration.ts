// Writes the tables of docs/configuration.md anew from the schema and .env.example.
import { readFile, writeFile } from 'node:fs/promises';
import { describeConfiguration } from './describe-configuration.ts';

const page = new URL('../docs/configuration.md', import.meta.url);
const example = await readFile(new URL('../.env.example', import.meta.url), 'utf8');
await writeFile(page, describeConfiguration(await readFile(page, 'utf8'), example));
