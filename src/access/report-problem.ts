/** Told of what went wrong beside the work that was asked for, and does not undo it. */
export type ReportProblem = (message: string, error: unknown) => void;
