import type { FastifyInstance } from 'fastify';
import { type HealthSources, reportHealth } from '../health-report.ts';

/** General status, readiness and liveness. None of them runs a model. */
export function registerHealth(app: FastifyInstance, sources: HealthSources): void {
  app.get('/health', async (_request, reply) => {
    const { engine, database, problems } = await reportHealth(sources);
    // A start in progress is no fault; everything else on the list is.
    const degraded = problems.some(({ code }) => code !== 'engine_starting');
    return reply.code(degraded ? 503 : 200).send({
      status: degraded ? 'degraded' : 'ok',
      version: sources.version,
      uptime_seconds: Math.round(process.uptime()),
      engine: {
        state: engine.state,
        credentials: { state: engine.credentials.state, source: engine.credentials.source ?? null },
        injection: engine.injection,
        sandbox: { state: engine.sandbox.state, reason: engine.sandbox.reason ?? null },
        pool: {
          max_processes: engine.pool.maxProcesses,
          running: engine.pool.running,
          idle: engine.pool.idle,
          spares: engine.pool.spares,
          queued: engine.pool.queued,
          queue_limit: engine.pool.queueLimit,
        },
      },
      database: { status: database },
      problems,
    });
  });

  app.get('/health/ready', async (_request, reply) => {
    const { problems } = await reportHealth(sources);
    if (problems.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not_ready', reasons: problems });
  });

  app.get('/health/live', async () => ({ status: 'live' }));
}
