"""Pages of permits, by whom they are for."""
