// What /version says. kubectl compares itself with the minor, so it is the one of the API that is imitated.

import { IMITATED_MINOR, IMITATED_VERSION } from '../../kinds/imitated-version.js';

export function versionInfo(): unknown {
  return {
    major: '1',
    minor: IMITATED_MINOR,
    gitVersion: `${IMITATED_VERSION}+sluice`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: 'node',
    platform: `${process.platform}/${process.arch}`,
  };
}
