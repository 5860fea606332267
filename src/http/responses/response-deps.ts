import type { AnswerTiming } from '../answer-timing.ts';
import type { BackgroundRuns } from '../background/background-runs.ts';
import type { ResponseServices } from './response-services.ts';

/** What the routes need. */
export interface ResponseDeps extends ResponseServices {
  readonly background: BackgroundRuns;
  readonly timing: AnswerTiming;
}
