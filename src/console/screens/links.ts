// The screen `links`: where other tools show this rollout, by the templates of the settings.

import { linksOf } from '../links.js';
import { indexOf } from '../board.js';
import { labelOf, settingsFor } from '../model.js';
import type { PageLine, PageScreen } from '../page-screen.js';
import { cell, span } from '../spans.js';

const MOST_NAME = 20;

export const linksScreen: PageScreen = {
  id: 'links',
  word: 'links',
  form: 'table',
  about: [],
  contents(model, page) {
    const facts = model.board.byKey.get(page.key);
    const links = facts === undefined ? [] : linksOf(settingsFor(model, facts.cluster, facts.namespace).links, { facts, index: indexOf(model.board, facts) });
    const width = Math.min(
      MOST_NAME,
      links.reduce((most, { name }) => Math.max(most, name.length), 0),
    );
    return {
      title: `Links of ${labelOf(model, page.key)}`,
      opens: 'copy it',
      empty: 'the settings have no links: links: [{ name: Grafana, url: "https://grafana.example/d/x?var-app={name}" }]',
      lines: links.map((link): PageLine => {
        const name = cell(link.name, width, 'strong');
        if ('missing' in link) return { id: link.name, line: [name, span(`  it has no ${link.missing}`, 'muted')] };
        return { id: link.name, line: [name, span('  '), { ...span(link.url), link: link.url }], copies: { text: link.url, what: `The link to ${link.name}` } };
      }),
    };
  },
};
