import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { addProcessingTime } from './response-headers.ts';

/**
 * Takes a response over from Fastify and sends its head at once: the headers that hooks and plugins have set, and
 * these. Whoever calls this ends the response and handles its own errors; Fastify no longer will.
 */
export function takeOver(reply: FastifyReply, headers: Readonly<Record<string, string>>): ServerResponse {
  addProcessingTime(reply);
  reply.headers(headers).hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  // A connection that breaks is told by 'close'; without a listener its 'error' would end the process.
  raw.on('error', () => {});
  raw.writeHead(200);
  raw.flushHeaders();
  return raw;
}
