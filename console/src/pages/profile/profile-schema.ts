import '../../csp/no-eval.ts';

export { profileSpec } from '../../../../src/contract/profiles.ts';
