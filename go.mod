module messagerie

go 1.26

require (
	github.com/gorilla/websocket v1.5.3
	github.com/olahol/melody v1.3.0
	github.com/pocketbase/pocketbase v0.39.11
	github.com/spf13/viper v1.21.0
)
