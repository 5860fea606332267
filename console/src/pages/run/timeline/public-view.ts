import { createContext } from 'react';

/** Whether strangers look, by a public link: then nothing leads further into the console. */
export const PublicView = createContext(false);
