{{ sync_members('google_ads') }}
