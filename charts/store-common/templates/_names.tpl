{{/* The labels by which a component's pods are selected. Call: (dict "root" $ "component" "server") */}}
{{- define "store-common.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* All labels of an object. Call: (dict "root" $ "component" "server") */}}
{{- define "store-common.labels" -}}
{{ include "store-common.selectorLabels" . }}
app.kubernetes.io/version: {{ include "store-common.version" .root | quote }}
app.kubernetes.io/part-of: store-platform
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- with .root.Values.store }}
{{- with .id }}
store-platform/store-id: {{ . | quote }}
{{- end }}
{{- with .installation }}
store-platform/installation: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* The version of the shop's software: the image's tag, else the chart's own. */}}
{{- define "store-common.version" -}}
{{- .Values.image.tag | default .Chart.AppVersion | trunc 63 -}}
{{- end }}

{{/* An image's full name. Call: (dict "image" .Values.database.image "tag" "used where the image names none") */}}
{{- define "store-common.image" -}}
{{- $tag := .image.tag | default .tag -}}
{{- with .image.registry }}{{ . }}/{{ end }}{{ .image.repository }}
{{- if .image.digest }}@{{ .image.digest }}{{ else }}:{{ $tag }}{{ end }}
{{- end }}

{{/* The Secret that holds the store's passwords: the one that was named, else the chart's own. */}}
{{- define "store-common.secretName" -}}
{{- .Values.existingSecret | default (printf "%s-secrets" .Release.Name) -}}
{{- end }}

{{/* The shop's address as people type it. */}}
{{- define "store-common.publicUrl" -}}
{{- if .Values.publicUrl -}}
{{- .Values.publicUrl -}}
{{- else if .Values.ingress.host -}}
{{- ternary "https" "http" .Values.ingress.tls.enabled }}://{{ .Values.ingress.host -}}
{{- else -}}
http://{{ .Release.Name }}
{{- end -}}
{{- end }}
