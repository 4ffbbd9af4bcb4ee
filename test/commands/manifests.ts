// The rollouts that the verbs are tried on: those with which the output of the plugin was recorded, with shorter delays.

const template = (app: string, image: string): string => `  selector:
    matchLabels:
      app: ${app}
  template:
    metadata:
      labels:
        app: ${app}
    spec:
      containers:
      - name: main
        image: ${image}
        ports:
        - name: http
          containerPort: 8080
`;

const service = (name: string, app: string): string => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  selector:
    app: ${app}
  ports:
  - name: http
    port: 80
    targetPort: 8080
---
`;

/** An Istio canary of two replicas with two pauses for a person. */
export const SHOP = `${service('shop-stable', 'shop')}${service('shop-canary', 'shop')}apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata:
  name: shop
spec:
  hosts: [shop.test]
  gateways: [edge]
  http:
  - route:
    - destination:
        host: shop-stable
      weight: 100
    - destination:
        host: shop-canary
      weight: 0
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: shop
spec:
  replicas: 2
${template('shop', 'reg.test/shop:1')}  strategy:
    canary:
      stableService: shop-stable
      canaryService: shop-canary
      trafficRouting:
        istio:
          virtualService:
            name: shop
      scaleDownDelaySeconds: 20
      abortScaleDownDelaySeconds: 1
      steps:
      - setWeight: 20
      - pause: {}
      - setWeight: 60
      - pause: {}
`;

/** A canary by replicas, and a blue-green rollout. */
export const MILL_AND_TILL = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: mill
spec:
  replicas: 1
${template('mill', 'reg.test/mill:1')}  strategy:
    canary:
      steps:
      - setWeight: 50
      - pause: {}
      - setWeight: 80
      - pause: {}
---
${service('till-active', 'till')}apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: till
spec:
  replicas: 1
${template('till', 'reg.test/till:1')}  strategy:
    blueGreen:
      activeService: till-active
`;
