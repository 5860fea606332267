import { Counter, Gauge, type Registry } from 'prom-client';
import type { GaugeSources } from './gauge-sources.ts';

/** Adds what is read from its source at each scrape. */
export function addGauges(registry: Registry, sources: GaugeSources): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `claudecode_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  /** Of what is counted where it happens; here it is only told. */
  const count = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const { pool, records } = sources;
  gauge('active_runs', 'Runs that are under way.', sources.activeRuns);
  gauge('processes_max', 'Most Claude Code processes at once.', () => pool().maxProcesses);
  gauge('processes_running', 'Claude Code processes that run a turn.', () => pool().running);
  gauge('processes_idle', 'Processes that keep a conversation between requests.', () => pool().idle);
  gauge('processes_spare', 'Warm processes without a conversation.', () => pool().spares);
  gauge('queue_length', 'Turns that wait for a process.', () => pool().queued);
  gauge('queue_limit', 'Most turns that may wait.', () => pool().queueLimit);
  gauge('records_waiting', 'Request records that wait to be stored.', () => records().waiting);
  gauge('live_clients', 'Connections to /ws.', sources.liveClients);
  count(
    'claudecode_records_dropped_total',
    'Request records that were lost because the database did not keep up.',
    () => records().dropped,
  );
  count(
    'claudecode_record_details_dropped_total',
    'Bodies and timelines of requests that were lost because there were too many at once.',
    () => records().droppedDetails,
  );
  count(
    'claudecode_budget_alerts_delivered_total',
    'Budget alerts that the webhook took.',
    () => sources.budgetAlerts().delivered,
  );
  count(
    'claudecode_budget_alerts_failed_total',
    'Budget alerts that the webhook did not take, after all tries.',
    () => sources.budgetAlerts().failed,
  );
  new Gauge({
    name: 'claudecode_info',
    help: 'The version of the server.',
    labelNames: ['version'],
    registers,
  }).set({ version: sources.version }, 1);
}
