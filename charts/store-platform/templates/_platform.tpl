{{/* The platform's own address. */}}
{{- define "store-platform.publicUrl" -}}
{{- if .Values.publicUrl -}}
{{- .Values.publicUrl -}}
{{- else if .Values.ingress.enabled -}}
{{- ternary "https" "http" .Values.ingress.tls.enabled }}://{{ required "ingress.host is needed when ingress.enabled is true" .Values.ingress.host -}}
{{- else -}}
http://localhost:3001
{{- end -}}
{{- end }}

{{/* The account of a component. Call: (dict "root" $ "component" "worker") */}}
{{- define "store-platform.account" -}}
{{ .root.Release.Name }}-{{ .component }}
{{- end }}

{{/* Labels of a pod. Call: (dict "root" $ "component" "api") */}}
{{- define "store-platform.podLabels" -}}
{{ include "store-common.selectorLabels" . }}
app.kubernetes.io/part-of: store-platform
{{- end }}

{{/* Where the database is. What is secret comes from a Secret. */}}
{{- define "store-platform.databaseEnv" -}}
{{- if .Values.postgresql.enabled }}
- {name: DB_HOST, value: {{ .Release.Name }}-postgresql}
- {name: DB_NAME, value: store_platform}
- {name: DB_USER, value: store_platform}
- name: DB_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ include "store-common.secretName" . }}, key: database-password}
{{- else }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ required "externalDatabase.existingSecret is needed when postgresql.enabled is false" .Values.externalDatabase.existingSecret }}
      key: {{ .Values.externalDatabase.key }}
{{- end }}
{{- end }}

{{- define "store-platform.redisEnv" -}}
{{- if .Values.redis.enabled }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ include "store-common.secretName" . }}, key: redis-password}
- {name: REDIS_URL, value: "redis://:$(REDIS_PASSWORD)@{{ .Release.Name }}-redis:6379"}
{{- else if .Values.externalRedis.existingSecret }}
- name: REDIS_URL
  valueFrom:
    secretKeyRef: {name: {{ .Values.externalRedis.existingSecret }}, key: {{ .Values.externalRedis.key }}}
{{- end }}
{{- end }}

{{/*
A Deployment of the platform in one role. Call: (dict "root" $ "role" "worker" "settings" .Values.worker), "env" with
what only this role is told, and "roles" where its pods have more than the one.
*/}}
{{- define "store-platform.deployment" -}}
{{- $ := .root }}
{{- $part := dict "root" $ "component" .role }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $.Release.Name }}-{{ .role }}
  labels:
    {{- include "store-common.labels" $part | nindent 4 }}
spec:
  {{- if not (and .settings.autoscaling .settings.autoscaling.enabled) }}
  replicas: {{ .settings.replicas }}
  {{- end }}
  strategy:
    rollingUpdate: {maxUnavailable: 0, maxSurge: 1}
  selector:
    matchLabels:
      {{- include "store-common.selectorLabels" $part | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "store-platform.podLabels" $part | nindent 8 }}
        store-platform/metrics: "true"
      annotations:
        checksum/settings: {{ include (print $.Template.BasePath "/settings.yaml") $ | sha256sum }}
    spec:
      serviceAccountName: {{ include "store-platform.account" $part }}
      # The whole of the stop: what it waits for here, 10 s for requests under way, the rest for jobs.
      terminationGracePeriodSeconds: 45
      securityContext:
        {{- include "store-common.podSecurityContext" (dict "uid" 1000) | nindent 8 }}
      {{- include "store-common.placement" $ | nindent 6 }}
      {{- include "store-common.affinity" (dict "root" $) | nindent 6 }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "store-common.selectorLabels" $part | nindent 14 }}
      containers:
        - name: platform
          image: {{ include "store-common.image" (dict "image" $.Values.image "tag" $.Chart.AppVersion) }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          securityContext:
            {{- include "store-common.securityContext" $ | nindent 12 }}
          env:
            - {name: ROLES, value: {{ .roles | default .role | quote }}}
            {{- range $name, $value := .env }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
            - name: SECRETS_KEY
              valueFrom:
                secretKeyRef: {name: {{ include "store-common.secretName" $ }}, key: SECRETS_KEY}
            {{- include "store-platform.databaseEnv" $ | nindent 12 }}
            {{- include "store-platform.redisEnv" $ | nindent 12 }}
          envFrom:
            - configMapRef: {name: {{ $.Release.Name }}-settings}
            {{- with $.Values.extraEnvFrom }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - {name: http, containerPort: 3001}
            - {name: metrics, containerPort: {{ $.Values.metrics.port }}}
          # It listens at once and says what it waits for; the database may take its time.
          startupProbe:
            httpGet: {path: /health/live, port: http}
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: {path: /health/live, port: http}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: {path: /health/ready, port: http}
            periodSeconds: 3
            timeoutSeconds: 4
            failureThreshold: 2
          resources:
            {{- toYaml .settings.resources | nindent 12 }}
          volumeMounts:
            - {name: tmp, mountPath: /tmp}
            - {name: store-values, mountPath: /etc/store-platform, readOnly: true}
      volumes:
        - name: tmp
          emptyDir: {sizeLimit: 512Mi}
        - name: store-values
          configMap: {name: {{ $.Release.Name }}-store-values}
{{- end }}
