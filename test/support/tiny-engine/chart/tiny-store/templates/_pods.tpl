{{/* What every pod of the shop's own image has. Call: (dict "root" $ "component" "server") */}}
{{- define "tiny-store.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 5
securityContext:
  {{- include "store-common.podSecurityContext" (dict "uid" 1000) | nindent 2 }}
{{ include "store-common.placement" .root }}
{{ include "store-common.affinity" (dict "root" .root "near" (ternary "" "server" (eq .component "server"))) }}
volumes:
  - name: data
    persistentVolumeClaim: {claimName: {{ .root.Release.Name }}-data}
  - name: tmp
    emptyDir: {}
{{- end }}

{{/* A container of the shop's own image. Call: (dict "root" $ "name" "shop" "size" "server" "script" "server.mjs") */}}
{{- define "tiny-store.container" -}}
name: {{ .name }}
image: {{ include "store-common.image" (dict "image" .root.Values.image "tag" .root.Chart.AppVersion) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
command: {{ toJson (.command | default (list "node" (printf "kubernetes/%s" .script))) }}
securityContext:
  {{- include "store-common.securityContext" . | nindent 2 }}
resources:
  {{- include "store-common.resources" (dict "root" .root "component" .size) | nindent 2 }}
env:
  - {name: HOME, value: /data/store}
  - {name: UPLOADS_DIR, value: /data/store/uploads}
  - {name: HOST, value: 0.0.0.0}
  - {name: PORT, value: "8080"}
  {{- if .root.Values.database.enabled }}
  - name: DATABASE_PASSWORD
    valueFrom: {secretKeyRef: {name: {{ include "store-common.secretName" .root }}, key: database-password}}
  - {name: DATABASE_URL, value: "postgres://shop:$(DATABASE_PASSWORD)@{{ .root.Release.Name }}-database/shop"}
  {{- end }}
  {{- range $name, $value := .env }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: tmp, mountPath: /tmp}
{{- end }}

{{/* A Job that is only a template until the platform makes one of it. Call: (dict "root" $ "name" "checkpoint") */}}
{{- define "tiny-store.template" -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ .root.Release.Name }}-{{ .name }}
  labels:
    {{- include "store-common.labels" (dict "root" .root "component" .name) | nindent 4 }}
spec:
  schedule: "0 0 1 1 *"
  suspend: true
  jobTemplate:
    metadata:
      labels:
        {{- include "store-common.labels" (dict "root" .root "component" .name) | nindent 8 }}
    spec:
      backoffLimit: 2
      template:
        metadata:
          labels:
            {{- include "store-common.labels" (dict "root" .root "component" .name) | nindent 12 }}
        spec:
          restartPolicy: Never
          {{- include "tiny-store.pod" (dict "root" .root "component" .name) | nindent 10 }}
          containers:
            - {{- include "tiny-store.container" (dict "root" .root "name" .name "size" "setup" "script" (printf "%s.mjs" .name)) | nindent 14 }}
{{- end }}
