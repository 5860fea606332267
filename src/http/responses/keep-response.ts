import { toJson, toStorage } from './item-bodies.ts';
import type { PreparedResponse } from './prepare-response.ts';
import type { ResponseEncoder } from './response-encoder.ts';
import { toResponseEnd } from './response-end.ts';
import type { ResponseServices } from './response-services.ts';

/** Where a response that runs with its request is kept. */
export interface KeptResponse extends Disposable {
  /** Stores it as it is when it begins. */
  begin(): Promise<void>;
  /** Stores its end. */
  end(): Promise<void>;
}

type Services = Pick<ResponseServices, 'responses' | 'conversations' | 'leases' | 'logger'>;

export interface KeepOptions {
  readonly prepared: PreparedResponse;
  readonly encoder: ResponseEncoder;
  /** Told when the response was deleted, or taken for lost, while it runs. */
  readonly onLost: () => void;
}

/** By `store`: in the database, or nowhere (but the conversation that it belongs to). */
export function keepResponse(options: KeepOptions, services: Services): KeptResponse {
  return options.prepared.request.store
    ? keepInDatabase(options, services)
    : keepInConversation(options, services);
}

function keepInDatabase({ prepared, encoder, onLost }: KeepOptions, services: Services): KeptResponse {
  const { responses, leases, logger } = services;
  const { id, owner, createdAt, request } = prepared;
  const hold = leases.hold(id, onLost);
  return {
    begin: () =>
      responses.create(
        {
          id,
          owner,
          createdAt,
          status: 'in_progress',
          background: false,
          lease: leases.newLease(),
          previousResponseId: request.previousResponseId,
          conversationId: request.conversationId,
          // It is not run again.
          request: {},
          response: toJson(encoder.response()),
        },
        toStorage(request.inputItems),
      ),
    async end() {
      hold.release();
      const { workerId } = leases;
      const ended = await responses.finish(id, toResponseEnd(encoder, prepared), { workerId });
      if (!ended) logger.warn({ response: id }, 'a response was deleted before its end');
    },
    [Symbol.dispose]: () => hold.release(),
  };
}

function keepInConversation({ prepared, encoder }: KeepOptions, { conversations }: Services): KeptResponse {
  const { owner, request } = prepared;
  return {
    async begin() {},
    async end() {
      const { conversationId, output } = toResponseEnd(encoder, prepared);
      if (conversationId === undefined) return;
      await conversations.append(owner, conversationId, [...toStorage(request.inputItems), ...output]);
    },
    [Symbol.dispose]: () => {},
  };
}
