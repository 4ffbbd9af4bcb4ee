// All screens that stand over the list or over a rollout: a new one is its file and a row here.

import type { PageId } from '../page.js';
import type { PageScreen } from '../page-screen.js';
import { eventsScreen } from './events.js';
import { whyScreen } from './why.js';

const SCREENS: Readonly<Record<PageId, PageScreen>> = {
  why: whyScreen,
  events: eventsScreen,
};

export function pageScreen(id: PageId): PageScreen {
  return SCREENS[id];
}
