// The names under which a server keeps what Sluice has set (`fieldManager`), and which of all such names stand for a person.

/** What keys ask for. */
export const CONSOLE_MANAGER = 'sluice-console';

/** The verbs of the command line. */
export const COMMAND_MANAGER = 'sluice';

/** The demos' own objects and releases: nobody asked for them. */
export const DEMO_MANAGER = 'sluice-demo';

const KUBECTL = /^kubectl\b/;

export const isSluiceByHand = (manager: string): boolean => manager === CONSOLE_MANAGER || manager === COMMAND_MANAGER;

export const isByHand = (manager: string): boolean => isSluiceByHand(manager) || KUBECTL.test(manager);
