{{/* Pod Security "restricted", for one account by its number. Call: (dict "uid" 1000) */}}
{{- define "store-common.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: {{ .uid }}
runAsGroup: {{ .gid | default .uid }}
fsGroup: {{ .gid | default .uid }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* The same of a container. */}}
{{- define "store-common.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* What the store's size gives a component. Call: (dict "root" $ "component" "server") */}}
{{- define "store-common.resources" -}}
{{- $sizes := get .root.Values.sizes .root.Values.size -}}
{{- toYaml (required (printf "sizes.%s.%s is missing" .root.Values.size .component) (get $sizes .component)) -}}
{{- end }}

{{/* Where a component's pods may be placed, and as whom they pull images. Call with the root. */}}
{{- define "store-common.placement" -}}
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/*
Affinity. Pods that share a ReadWriteOnce volume can only run on one node: without this, the pod that replaces another
in a rolling update may land elsewhere and wait for the volume for ever. The first pod has nobody to be near to, and
the scheduler knows that. Call: (dict "root" $ "near" "server"), where "near" is the component, empty for none.
*/}}
{{- define "store-common.affinity" -}}
{{- $affinity := deepCopy (.root.Values.affinity | default dict) -}}
{{- if .near -}}
{{- $labels := include "store-common.selectorLabels" (dict "root" .root "component" .near) | fromYaml -}}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" $labels) -}}
{{- $pods := dict "requiredDuringSchedulingIgnoredDuringExecution" (list $term) -}}
{{- $_ := set $affinity "podAffinity" (mergeOverwrite $pods ($affinity.podAffinity | default dict)) -}}
{{- end -}}
{{- with $affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What a shop tells the platform of its orders with, beside STORE_ID. Nothing without an address. Call with the root. */}}
{{- define "store-common.ordersEnv" -}}
{{- if .Values.orders.url -}}
- {name: ORDERS_URL, value: {{ .Values.orders.url | quote }}}
- name: ORDERS_SECRET
  valueFrom:
    secretKeyRef: {name: {{ include "store-common.secretName" . }}, key: orders-secret}
{{- end -}}
{{- end }}
