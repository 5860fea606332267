#!/usr/bin/env node
import { runCli } from './cli/index.ts';

const { argv, env, stdin, stdout, stderr } = process;
const exitCode = await runCli(argv.slice(2), { environment: env, stdin, stdout, stderr });
if (exitCode !== undefined) process.exit(exitCode);
