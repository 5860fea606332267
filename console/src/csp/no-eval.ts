import { config } from 'zod';

// The policy of the page lets nothing be evaluated. Schemas try to as they are made, so that this has to come first.
config({ jitless: true });
