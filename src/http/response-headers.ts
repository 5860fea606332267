import type { FastifyInstance, FastifyReply } from 'fastify';

/** Gives every response the headers by which OpenAI's own name a request. */
export function addResponseHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'openai-version': '2020-10-01' });
  });
  app.addHook('onSend', async (_request, reply) => addProcessingTime(reply));
}

/** Time until the head goes out. Called by those who take a response over from Fastify, whose `onSend` hooks do not run. */
export function addProcessingTime(reply: FastifyReply): void {
  reply.header('openai-processing-ms', String(Math.round(reply.request.record.elapsedMs)));
}
