// Every limit of the store, in one place. What each one answers when it is passed is said beside it.

/** A larger object is refused with 500, as by the real server, whose store takes no more at once. */
export const MOST_OBJECT_BYTES = 1.5 * 1024 * 1024;

/** Events kept for each kind; a watch or a page from before them gets 410 `Expired`. */
export const WATCH_LOG_ENTRIES = 2048;

/** Keys and values of one object's annotations together; more is 422 `Invalid`. */
export const MOST_ANNOTATION_BYTES = 256 * 1024;

/** Keys and values of one config map or secret together; more is 422 `Invalid`. */
export const MOST_DATA_BYTES = 1024 * 1024;

/** Operations of one JSON patch; more is 413 `RequestEntityTooLarge`. */
export const MOST_PATCH_OPERATIONS = 10_000;

/** Errors listed in one `Invalid` answer. */
export const MOST_CAUSES = 50;

/** Random characters that follow `generateName`, and what is left of the prefix before them. */
export const GENERATED_SUFFIX_LENGTH = 5;
export const MOST_GENERATE_NAME_PREFIX = 63 - GENERATED_SUFFIX_LENGTH;

/** Names tried for one `generateName` before 409 `AlreadyExists`. */
export const GENERATE_NAME_ATTEMPTS = 8;

/** Managers of updates kept apart in `managedFields`; the oldest beyond them become one. */
export const MOST_UPDATE_MANAGERS = 10;

export const MOST_NAME_LENGTH = 253;
export const MOST_LABEL_LENGTH = 63;

/** Events that a slow reader of an in-process watch may leave waiting; after that its watch ends with 410 `Expired`. */
export const MOST_WAITING_EVENTS = 10_000;

/** How often an in-process watch tells its reader how far it has come. */
export const BOOKMARK_INTERVAL_MS = 30_000;

/** What waits between the deletion of a namespace and the deletion of what it holds: whoever deletes both, finds both. */
export const NAMESPACE_EMPTIES_AFTER_MS = 2000;

/** Seconds that a pod gets to end when neither it nor the request says. */
export const DEFAULT_GRACE_SECONDS = 30;

/** How long an event is kept after its last write. */
export const EVENT_LIFETIME_MS = 3_600_000;
