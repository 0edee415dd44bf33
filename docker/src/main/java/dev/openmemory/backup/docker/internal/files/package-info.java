/** Database and configuration that only a container can reach. */
@NullMarked
package dev.openmemory.backup.docker.internal.files;

import org.jspecify.annotations.NullMarked;
