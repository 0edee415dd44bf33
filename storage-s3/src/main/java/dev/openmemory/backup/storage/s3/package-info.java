/** Backups in Amazon S3 and the stores that speak its protocol. */
@NullMarked
package dev.openmemory.backup.storage.s3;

import org.jspecify.annotations.NullMarked;
