import type { settingsEndpoints } from '../../../contract/index.ts';
import type { SettingsAdministration } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function settingsHandlers(settings: SettingsAdministration): HandlersOf<typeof settingsEndpoints> {
  return {
    getSettings: () => settings.describe(),
    updateSettings: async ({ body, actor }) => ({ settings: await settings.change(body.changes, actor) }),
    testBudgetWebhook: ({ actor }) => settings.testBudgetWebhook(actor),
    settingHistory: async () => ({ items: await settings.history() }),
  };
}
