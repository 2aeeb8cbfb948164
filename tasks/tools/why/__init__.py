"""Why a record or sample is where it is: from the bytes of its file to the release or its reject."""
