/** Writes an object, as a whole or in parts. */
@NullMarked
package dev.openmemory.backup.storage.s3.internal.multipart;

import org.jspecify.annotations.NullMarked;
