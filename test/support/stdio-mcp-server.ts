import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

/** A real MCP server as a program, with one tool that tells the environment it was started in. */
const server = new McpServer({ name: 'local', version: '1' });
server.registerTool('show_environment', { description: 'Shows the environment' }, () => ({
  content: [{ type: 'text', text: JSON.stringify(process.env) }],
}));
await server.connect(new StdioServerTransport());
