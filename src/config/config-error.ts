/** One thing that is wrong with the configuration, told so that it can be put right without reading the code. */
export interface ConfigProblem {
  /** The variable at fault. */
  readonly variable: string;
  /** The value as it was given; absent for secrets and for variables that are not set. */
  readonly value?: string;
  /** What is wrong, and the way out. */
  readonly message: string;
}

/** The configuration cannot be used. Carries every problem found, not only the first. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(describeProblems(problems));
    this.problems = problems;
  }
}

function describeProblems(problems: readonly ConfigProblem[]): string {
  const title =
    problems.length === 1 ? 'The configuration has a problem:' : 'The configuration has problems:';
  return [title, ...problems.map((problem) => `  ${describeProblem(problem)}`)].join('\n');
}

function describeProblem({ variable, value, message }: ConfigProblem): string {
  return value === undefined ? `${variable}: ${message}` : `${variable}=${JSON.stringify(value)}: ${message}`;
}
