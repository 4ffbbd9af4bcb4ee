// All screens that stand over the list or over a rollout: a new one is its file and a row here.

import type { PageId } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { analysisScreen } from './analysis.js';
import { contextsScreen } from './contexts.js';
import { describeScreen } from './describe.js';
import { diffScreen } from './diff.js';
import { eventsScreen } from './events.js';
import { experimentScreen } from './experiment.js';
import { historyScreen } from './history.js';
import { linksScreen } from './links.js';
import { logsScreen } from './logs.js';
import { outputScreen } from './output.js';
import { recentScreen } from './recent.js';
import { revisionsScreen } from './revisions.js';
import { timelineScreen } from './timeline.js';
import { whyScreen } from './why.js';
import { yamlScreen } from './yaml.js';

const SCREENS: Readonly<Record<PageId, PageScreen>> = {
  why: whyScreen,
  events: eventsScreen,
  yaml: yamlScreen,
  describe: describeScreen,
  logs: logsScreen,
  analysis: analysisScreen,
  experiment: experimentScreen,
  revisions: revisionsScreen,
  diff: diffScreen,
  timeline: timelineScreen,
  recent: recentScreen,
  history: historyScreen,
  links: linksScreen,
  contexts: contextsScreen,
  output: outputScreen,
};

export function pageScreen(id: PageId): PageScreen {
  return SCREENS[id];
}
