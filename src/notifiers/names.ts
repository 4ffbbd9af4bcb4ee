// Where the settings of notifications are, in the namespace of the controller.

export const CONFIG_MAP_NAME = 'argo-rollouts-notification-configmap';
export const SECRET_NAME = 'argo-rollouts-notification-secret';
