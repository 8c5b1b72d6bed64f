{{/*
NetworkPolicies (default deny, DNS) of everything in the namespace. Each way that is needed is one more policy:
"store-common.allow". Call with the root.
*/}}
{{- define "store-common.defaultDeny" -}}
{{- if .Values.networkPolicy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .Release.Name }}-default-deny
  labels:
    {{- include "store-common.labels" (dict "root" . "component" "network") | nindent 4 }}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
    # Names: of the cluster's DNS alone.
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
          podSelector:
            matchLabels:
              k8s-app: kube-dns
      ports:
        - {protocol: UDP, port: 53}
        - {protocol: TCP, port: 53}
{{- end }}
{{- end }}

{{/*
Two policies that let components reach another on one port, and nothing else.
Call: (dict "root" $ "from" (list "server" "worker") "to" "database" "port" 5432)
*/}}
{{- define "store-common.allow" -}}
{{- if .root.Values.networkPolicy.enabled }}
{{- $callers := dict "matchLabels" (dict "app.kubernetes.io/instance" .root.Release.Name) "matchExpressions" (list (dict "key" "app.kubernetes.io/component" "operator" "In" "values" .from)) }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .root.Release.Name }}-to-{{ .to }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" "network") | nindent 4 }}
spec:
  podSelector:
    {{- toYaml $callers | nindent 4 }}
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels:
              {{- include "store-common.selectorLabels" (dict "root" .root "component" .to) | nindent 14 }}
      ports:
        - {protocol: TCP, port: {{ .port }}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .root.Release.Name }}-{{ .to }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" "network") | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "store-common.selectorLabels" (dict "root" .root "component" .to) | nindent 6 }}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            {{- toYaml $callers | nindent 12 }}
      ports:
        - {protocol: TCP, port: {{ .port }}}
{{- end }}
{{- end }}

{{/*
Lets shoppers (by way of the ingress controller) and the platform reach a component, and lets it reach what the operator
allows. Call: (dict "root" $ "to" "server" "port" 9000)
*/}}
{{- define "store-common.allowShoppers" -}}
{{- $policy := .root.Values.networkPolicy }}
{{- if $policy.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .root.Release.Name }}-shoppers
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" "network") | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "store-common.selectorLabels" (dict "root" .root "component" .to) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        {{- toYaml $policy.ingressFrom | nindent 8 }}
        {{- with $policy.platformNamespace }}
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ . }}
          podSelector:
            matchLabels:
              app.kubernetes.io/part-of: store-platform
        {{- end }}
      ports:
        - {protocol: TCP, port: {{ .port }}}
  egress:
    {{- toYaml $policy.egress | nindent 4 }}
{{- end }}
{{- end }}

{{/*
Lets components tell the platform of orders: at the pods of its API, and nowhere else. Nothing where the platform is not in
the cluster, or is told nothing. Call: (dict "root" $ "from" (list "server"))
*/}}
{{- define "store-common.allowPlatform" -}}
{{- $orders := .root.Values.orders }}
{{- $policy := .root.Values.networkPolicy }}
{{- if and $policy.enabled $policy.platformNamespace $orders.url }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .root.Release.Name }}-to-platform
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" "network") | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/instance: {{ .root.Release.Name }}
    matchExpressions:
      - {key: app.kubernetes.io/component, operator: In, values: {{ toJson .from }}}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: {{ $policy.platformNamespace }}
          podSelector:
            matchLabels:
              app.kubernetes.io/part-of: store-platform
              app.kubernetes.io/component: api
      ports:
        - {protocol: TCP, port: {{ $orders.port }}}
{{- end }}
{{- end }}
