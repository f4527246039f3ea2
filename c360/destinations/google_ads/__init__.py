"""Google Ads customer lists, through the Data Manager API."""
