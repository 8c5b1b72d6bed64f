{{/* The least that a size gives, in thousandths of a CPU and MiB; more where the parts need more. */}}
{{- define "store-common.floors" -}}
small: {cpu: 2000, memory: 4096}
medium: {cpu: 4000, memory: 8192}
large: {cpu: 8000, memory: 16384}
{{- end }}

{{/*
ResourceQuota and LimitRange of the store's namespace (KUB-2). Arguments as of "store-common.need", and "volumes": the
number of volumes that the store has.
*/}}
{{- define "store-common.quota" -}}
{{- if .root.Values.quota.enabled }}
{{- $need := include "store-common.need" . | fromJson }}
{{- $floor := get (include "store-common.floors" .root | fromYaml) .root.Values.size }}
apiVersion: v1
kind: ResourceQuota
metadata:
  name: {{ .root.Release.Name }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" "quota") | nindent 4 }}
spec:
  hard:
    requests.cpu: {{ printf "%dm" (max $floor.cpu $need.cpu | int) }}
    requests.memory: {{ printf "%dMi" (max $floor.memory $need.limits | int) }}
    limits.memory: {{ printf "%dMi" (max $floor.memory $need.limits | int) }}
    # Finished Jobs take no room; a few pods that are just ending do.
    pods: {{ add $need.pods 8 | quote }}
    persistentvolumeclaims: {{ add .volumes 1 | quote }}
    services.loadbalancers: "0"
    services.nodeports: "0"
---
apiVersion: v1
kind: LimitRange
metadata:
  name: {{ .root.Release.Name }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" "quota") | nindent 4 }}
spec:
  limits:
    # For what an administrator starts by hand; every container of the chart says its own.
    - type: Container
      defaultRequest: {cpu: 50m, memory: 64Mi}
      default: {memory: 128Mi}
{{- end }}
{{- end }}
