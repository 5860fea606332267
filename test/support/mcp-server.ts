import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';

export interface TestMcpServer extends AsyncDisposable {
  readonly url: string;
  /** The arguments that each tool was called with. */
  readonly calls: { readonly tool: string; readonly input: unknown }[];
  /** The authorization headers of the requests. */
  readonly authorizations: (string | undefined)[];
}

/** A real MCP server on loopback with two tools: `look_up` (read only) and `delete_all`. */
export async function startMcpServer(): Promise<TestMcpServer> {
  const calls: TestMcpServer['calls'] = [];
  const authorizations: TestMcpServer['authorizations'] = [];
  const build = (): McpServer => {
    const server = new McpServer({ name: 'records', version: '1' });
    server.registerTool(
      'look_up',
      {
        description: 'Looks something up',
        inputSchema: { key: z.string() },
        annotations: { readOnlyHint: true },
      },
      ({ key }) => {
        calls.push({ tool: 'look_up', input: { key } });
        return { content: [{ type: 'text', text: `value of ${key}` }] };
      },
    );
    server.registerTool('delete_all', { description: 'Deletes everything' }, () => {
      calls.push({ tool: 'delete_all', input: {} });
      return { content: [{ type: 'text', text: 'all deleted' }] };
    });
    return server;
  };
  const http = createServer(async (request, response) => {
    authorizations.push(request.headers.authorization);
    // Stateless: a server and a transport for each request.
    const transport = new StreamableHTTPServerTransport({});
    await build().connect(transport as Parameters<McpServer['connect']>[0]);
    await transport.handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    calls,
    authorizations,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
