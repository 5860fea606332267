import type { Migration } from 'kysely';
import { up as transcripts } from './001-transcripts.ts';
import { up as responses } from './002-responses.ts';
import { up as access } from './003-access.ts';
import { up as records } from './004-records.ts';
import { up as files } from './005-files.ts';
import { up as conversationWorkspaces } from './006-conversation-workspaces.ts';
import { up as conversationOverview } from './007-conversation-overview.ts';
import { up as responsesAlone } from './008-responses-alone.ts';
import { up as keyTagsAndAlerts } from './009-key-tags-and-alerts.ts';
import { up as itemsById } from './010-items-by-id.ts';
import { up as savedViews } from './011-saved-views.ts';
import { up as twoFactor } from './012-two-factor.ts';
import { up as shareLinks } from './013-share-links.ts';

/**
 * All migrations by name, in the order of their numbers. A migration that was released is never changed nor
 * renamed: its name is how a database says what it has.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-transcripts': { up: transcripts },
  '002-responses': { up: responses },
  '003-access': { up: access },
  '004-records': { up: records },
  '005-files': { up: files },
  '006-conversation-workspaces': { up: conversationWorkspaces },
  '007-conversation-overview': { up: conversationOverview },
  '008-responses-alone': { up: responsesAlone },
  '009-key-tags-and-alerts': { up: keyTagsAndAlerts },
  '010-items-by-id': { up: itemsById },
  '011-saved-views': { up: savedViews },
  '012-two-factor': { up: twoFactor },
  '013-share-links': { up: shareLinks },
};
