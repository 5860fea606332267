export { type ChatTiming, usualTiming } from './chat/chat-answer.ts';
export { currentModels } from './current-models.ts';
export { howToSupplyCredentials } from './health-report.ts';
export { createKeylessAuthenticator } from './keyless-authenticator.ts';
export { RunningRequests } from './running-requests.ts';
export { createServer } from './server.ts';
export { trackConnections } from './track-connections.ts';
