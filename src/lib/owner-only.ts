// The rights of files and folders that nobody but their owner may look into.

export const OWNER_ONLY = 0o600;
export const OWNER_FOLDER = 0o700;
