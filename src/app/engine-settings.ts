import type { Config } from '../config/index.ts';
import type { EngineSettings } from '../engine/index.ts';

/** What of the configuration the engine takes while it runs. */
export function engineSettings({ engine, models, server, workspaces }: Config): EngineSettings {
  return {
    maxProcesses: engine.maxProcesses,
    warmSpares: engine.warmSpares,
    idleTtlSeconds: engine.idleTtlMs / 1000,
    queueLimit: engine.queueLimit,
    requestTimeoutSeconds: server.requestTimeoutMs / 1000,
    defaultModel: models.default ?? 'default',
    smallModel: models.small,
    permissionMode: engine.permissionMode,
    approvals: engine.approvals,
    workspaceQuota: { maxBytes: workspaces.maxBytes, maxFiles: workspaces.maxFiles },
  };
}
