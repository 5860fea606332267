export { type App, createApp } from './create-app.ts';
export { examine } from './doctor/examine.ts';
export { type Administration, openAdministration } from './open-administration.ts';
