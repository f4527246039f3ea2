{{ sync_members('meta') }}
