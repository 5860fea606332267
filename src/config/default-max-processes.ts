/** What a live Claude Code process takes, resident, in bytes (170 to 250 MB were measured). */
const bytesPerProcess = 250 * 1024 * 1024;

/**
 * How many Claude Code processes suit a machine: four for each core, since they mostly wait for the model, in
 * at most half of its memory; never under 2 nor over 32.
 */
export function defaultMaxProcesses(machine: {
  readonly cores: number;
  readonly memoryBytes: number;
}): number {
  const byMemory = Math.floor(machine.memoryBytes / 2 / bytesPerProcess);
  return Math.max(2, Math.min(4 * machine.cores, byMemory, 32));
}
